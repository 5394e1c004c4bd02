/** A Behalf in the memory of a test. Begin with {@link dev.behalf.client.test.FakeBehalf}. */
@NullMarked
package dev.behalf.client.test;

import org.jspecify.annotations.NullMarked;
