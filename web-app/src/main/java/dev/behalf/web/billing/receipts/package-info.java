/** Signed receipts for single jobs, and their public verification. */
@NullMarked
package dev.behalf.web.billing.receipts;

import org.jspecify.annotations.NullMarked;
