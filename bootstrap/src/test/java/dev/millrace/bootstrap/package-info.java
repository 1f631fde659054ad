/** Tests of the package of the same name. */
@NullMarked
package dev.millrace.bootstrap;

import org.jspecify.annotations.NullMarked;
