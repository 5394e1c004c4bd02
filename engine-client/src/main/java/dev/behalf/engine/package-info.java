/**
 * The engine protocol, version 1, as docs/engines.md describes it: {@link EngineClient} makes one
 * {@link EngineCall} and says by an {@link EngineAnswer} what came of it.
 */
@NullMarked
package dev.behalf.engine;

import org.jspecify.annotations.NullMarked;
