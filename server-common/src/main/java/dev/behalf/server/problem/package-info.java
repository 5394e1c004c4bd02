/** The errors of both servers: RFC 9457 problems with a stable code. */
@NullMarked
package dev.behalf.server.problem;

import org.jspecify.annotations.NullMarked;
