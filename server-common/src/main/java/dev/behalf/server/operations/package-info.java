/** The operations of the installation, as every server reads them from the database. */
@NullMarked
package dev.behalf.server.operations;

import org.jspecify.annotations.NullMarked;
