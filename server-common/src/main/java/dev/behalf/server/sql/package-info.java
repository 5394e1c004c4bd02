/** Conversions between Java and PostgreSQL values that the driver lacks. */
@NullMarked
package dev.behalf.server.sql;

import org.jspecify.annotations.NullMarked;
