/** The server to use and the key for it. */
@NullMarked
package dev.behalf.cli.profile;

import org.jspecify.annotations.NullMarked;
