/** How both servers say what is wrong: RFC 9457 problems with a stable code. */
@NullMarked
package dev.behalf.server.problem;

import org.jspecify.annotations.NullMarked;
