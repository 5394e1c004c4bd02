/** The whole system from outside, as real processes. */
@org.jspecify.annotations.NullMarked
package dev.behalf.e2e;
