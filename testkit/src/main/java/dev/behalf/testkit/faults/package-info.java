/** Parts that tests can make fail: networks, brokers, databases, and points in the code. */
@NullMarked
package dev.behalf.testkit.faults;

import org.jspecify.annotations.NullMarked;
