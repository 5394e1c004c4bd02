/** The commands for those who use a Behalf, wherever it runs, with an API key of their own. */
@NullMarked
package dev.behalf.cli;

import org.jspecify.annotations.NullMarked;
