/** What this process says of itself to those who send it work. */
@NullMarked
package dev.behalf.compute.replicas;

import org.jspecify.annotations.NullMarked;
