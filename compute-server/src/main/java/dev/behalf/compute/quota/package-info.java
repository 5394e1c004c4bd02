/** The monthly quotas of users and the daily caps of keys, in units. */
@NullMarked
package dev.behalf.compute.quota;

import org.jspecify.annotations.NullMarked;
