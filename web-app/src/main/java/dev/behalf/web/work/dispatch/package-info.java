/** From the queue to the broker: whose turn it is, how much goes at once, and what is held back. */
@NullMarked
package dev.behalf.web.work.dispatch;

import org.jspecify.annotations.NullMarked;
