/** Tests of the package of the same name. */
@NullMarked
package dev.millrace.bootstrap.service;

import org.jspecify.annotations.NullMarked;
