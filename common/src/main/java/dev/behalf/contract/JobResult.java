package dev.behalf.contract;

/** Stands in the API's description for the result of a job, whose form its operation defines. */
public interface JobResult {}
