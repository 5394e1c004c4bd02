/** The client of a Behalf server's HTTP API. */
@NullMarked
package dev.behalf.cli.api;

import org.jspecify.annotations.NullMarked;
