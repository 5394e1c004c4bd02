/**
 * Real infrastructure for tests: what is found on the machine, a container, or an embedded part.
 */
@NullMarked
package dev.behalf.testkit;

import org.jspecify.annotations.NullMarked;
