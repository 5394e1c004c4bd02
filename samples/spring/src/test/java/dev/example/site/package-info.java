@NullUnmarked
package dev.example.site;

import org.jspecify.annotations.NullUnmarked;
