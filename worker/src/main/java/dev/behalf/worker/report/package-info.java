/** What is said back through the broker, confirmed. */
@NullMarked
package dev.behalf.worker.report;

import org.jspecify.annotations.NullMarked;
