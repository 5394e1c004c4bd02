/** The description of an API, made of its routes and their Java types. */
@NullMarked
package dev.behalf.server.openapi;

import org.jspecify.annotations.NullMarked;
