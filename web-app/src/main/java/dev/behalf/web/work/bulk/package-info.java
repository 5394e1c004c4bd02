/** Bulk actions: retry or cancel all jobs that match a query. */
@NullMarked
package dev.behalf.web.work.bulk;

import org.jspecify.annotations.NullMarked;
