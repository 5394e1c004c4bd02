/** The parts that fail do so as they should. */
@NullMarked
package dev.behalf.testkit.faults;

import org.jspecify.annotations.NullMarked;
