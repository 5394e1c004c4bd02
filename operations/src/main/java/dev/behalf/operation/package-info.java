/**
 * Operations as data. A {@link Definition} says what an operation takes, what it costs and which
 * engine runs it; everything else reads the definition. Nothing here uses a database.
 */
@NullMarked
package dev.behalf.operation;

import org.jspecify.annotations.NullMarked;
