/** Values of Java as values of PostgreSQL, where the driver does not convert them itself. */
@NullMarked
package dev.behalf.server.sql;

import org.jspecify.annotations.NullMarked;
