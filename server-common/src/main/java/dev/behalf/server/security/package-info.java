/** Authentication schemes and routes: who may call what, with which scopes, and how often. */
@NullMarked
package dev.behalf.server.security;

import org.jspecify.annotations.NullMarked;
