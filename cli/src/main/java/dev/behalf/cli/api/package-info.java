/** A Behalf server as its HTTP API shows it. */
@NullMarked
package dev.behalf.cli.api;

import org.jspecify.annotations.NullMarked;
