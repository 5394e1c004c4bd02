@NullMarked
package dev.behalf.bench;

import org.jspecify.annotations.NullMarked;
