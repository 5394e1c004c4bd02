/** Short notifications between replicas, over the database. */
@NullMarked
package dev.behalf.server.notifications;

import org.jspecify.annotations.NullMarked;
