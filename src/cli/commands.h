/* The commands of the program. Each is given its own words (argv[0] is its name) and returns an exit status. With
 * argc = 2 and argv[1] = "--help" it prints its help. */
#ifndef BERING_CLI_COMMANDS_H
#define BERING_CLI_COMMANDS_H

int command_appraise(int argc, char **argv);
int command_audit(int argc, char **argv);
int command_capacity(int argc, char **argv);
int command_check(int argc, char **argv);
int command_run(int argc, char **argv);
int command_rerun(int argc, char **argv);
int command_runs(int argc, char **argv);
int command_plot(int argc, char **argv);
int command_sweep(int argc, char **argv);

#endif
