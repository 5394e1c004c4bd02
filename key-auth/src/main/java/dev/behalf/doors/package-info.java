/** Doors and routes: who may come in where, how far, and how often. */
@NullMarked
package dev.behalf.doors;

import org.jspecify.annotations.NullMarked;
