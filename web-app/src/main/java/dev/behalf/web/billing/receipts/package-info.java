/** The receipt of one job, sealed, and how anybody checks it. */
@NullMarked
package dev.behalf.web.billing.receipts;

import org.jspecify.annotations.NullMarked;
