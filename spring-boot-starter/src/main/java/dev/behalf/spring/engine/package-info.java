/**
 * Engines as methods: {@link dev.behalf.spring.engine.BehalfEngine} marks one, {@link
 * dev.behalf.spring.engine.EngineContext} is what it can say while it works.
 */
@NullMarked
package dev.behalf.spring.engine;

import org.jspecify.annotations.NullMarked;
