/** Tests of the package of the same name. */
@NullMarked
package dev.millrace.bootstrap.configuration;

import org.jspecify.annotations.NullMarked;
