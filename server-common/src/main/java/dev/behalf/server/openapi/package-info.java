/** OpenAPI documents, derived from routes and their Java types. */
@NullMarked
package dev.behalf.server.openapi;

import org.jspecify.annotations.NullMarked;
