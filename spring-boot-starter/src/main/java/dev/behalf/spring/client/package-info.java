/**
 * The client as a bean: configured by {@code behalf.*}, and {@link
 * dev.behalf.spring.client.TransactionalJobs} to submit from one's own transactions.
 */
@NullMarked
package dev.behalf.spring.client;

import org.jspecify.annotations.NullMarked;
