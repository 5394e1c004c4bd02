/**
 * Behalf on one machine: an embedded database and broker, the three services, and the {@code
 * behalf} command.
 */
@NullMarked
package dev.behalf.standalone;

import org.jspecify.annotations.NullMarked;
