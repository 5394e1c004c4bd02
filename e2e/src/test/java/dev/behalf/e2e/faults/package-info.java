/** What is killed, stopped, cut or filled up while jobs run, and that nothing is lost by it. */
@NullMarked
package dev.behalf.e2e.faults;

import org.jspecify.annotations.NullMarked;
