/** How many units a user may use in a month, and has used. */
@NullMarked
package dev.behalf.compute.quota;

import org.jspecify.annotations.NullMarked;
