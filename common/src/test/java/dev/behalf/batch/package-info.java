@NullMarked
package dev.behalf.batch;

import org.jspecify.annotations.NullMarked;
