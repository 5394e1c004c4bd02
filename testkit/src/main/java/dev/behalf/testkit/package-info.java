/** Real infrastructure for tests: servers on this machine, containers, or embedded parts. */
@NullMarked
package dev.behalf.testkit;

import org.jspecify.annotations.NullMarked;
