/** The routes of compute-server, their authentication and their errors. */
@NullMarked
package dev.behalf.compute.security;

import org.jspecify.annotations.NullMarked;
