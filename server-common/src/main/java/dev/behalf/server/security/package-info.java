/** Doors and routes: who may come in where, how far, and how often. */
@NullMarked
package dev.behalf.server.security;

import org.jspecify.annotations.NullMarked;
