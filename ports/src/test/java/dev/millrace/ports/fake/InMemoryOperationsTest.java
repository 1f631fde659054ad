package dev.millrace.ports.fake;

import dev.millrace.ports.contract.OperationsContract;

final class InMemoryOperationsTest extends InMemoryOperationsTables implements OperationsContract {}
