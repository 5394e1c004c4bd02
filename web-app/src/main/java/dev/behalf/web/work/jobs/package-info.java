/** Jobs as their owner sees them: submitted, listed, cancelled and retried, by pages and by API. */
@NullMarked
package dev.behalf.web.work.jobs;

import org.jspecify.annotations.NullMarked;
