/** Which server, and with which key. */
@NullMarked
package dev.behalf.cli.profile;

import org.jspecify.annotations.NullMarked;
