/** The client commands: they use a Behalf server, local or remote, with the user's own API key. */
@NullMarked
package dev.behalf.cli;

import org.jspecify.annotations.NullMarked;
