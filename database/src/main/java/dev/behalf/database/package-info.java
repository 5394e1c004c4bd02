/** Prepares a PostgreSQL server for the services: roles, database, schemas and grants. */
@NullMarked
package dev.behalf.database;

import org.jspecify.annotations.NullMarked;
