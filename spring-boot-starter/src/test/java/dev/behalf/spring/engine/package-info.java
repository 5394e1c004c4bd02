@NullUnmarked
package dev.behalf.spring.engine;

import org.jspecify.annotations.NullUnmarked;
