@NullUnmarked
package dev.behalf.spring.client;

import org.jspecify.annotations.NullUnmarked;
