/** Brings a PostgreSQL server to what the services expect: roles, database, schemas, grants. */
@NullMarked
package dev.behalf.database;

import org.jspecify.annotations.NullMarked;
