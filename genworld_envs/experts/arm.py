"""What the arm can do from where it is: the end-effector controller, played forward without physics."""

import numpy as np

from genworld_envs.robots.agent import ArmAgent
from genworld_envs.robots.kinematics import limited, moved, norm, pose_error


class ArmModel:
    """Kinematics of an agent's arm in numpy, in the scene frame.

    `base` is the position of the robot's base in the scene frame; its axes are the scene's.
    """

    def __init__(self, agent: ArmAgent, base: np.ndarray) -> None:
        self.ik = agent.kinematics
        self._base = np.zeros((4, 4))
        self._base[:3, 3] = base
        self.translation_step, self.rotation_step = agent.translation_step, agent.rotation_step
        self.pitch_and_roll = self.ik.pitch_and_roll

    def tool(self, qpos: np.ndarray) -> np.ndarray:
        """[K, J] joint positions -> [K, 4, 4] tool poses in the scene frame."""
        return self.ik.chain.forward(qpos) + self._base

    def follow(self, qpos: np.ndarray, targets: np.ndarray, most: int = 32) -> tuple[np.ndarray, np.ndarray]:
        """Where the controller ends up when it steps from `qpos` [K, J] straight towards `targets` [K, 4, 4].

        Returns:
            [K, J] joint positions and [K, 4, 4] tool poses there.
        """
        goal = targets - self._base
        error = pose_error(goal, self.ik.chain.forward(qpos))
        farthest = max(
            np.abs(error[:, :3]).max() / self.translation_step, norm(error[:, 3:]).max() / self.rotation_step
        )
        for _ in range(min(most, int(np.ceil(farthest)) + 3)):
            tool, jacobian = self.ik.chain.forward_and_jacobian(qpos)
            step = limited(pose_error(goal, tool), self.translation_step, self.rotation_step)
            qpos = self.ik.solve(moved(tool, step), qpos, 2, known=(tool, jacobian))
        return qpos, self.tool(qpos)

    def action(self, qpos: np.ndarray, step: np.ndarray) -> np.ndarray:
        """[N, J] joint positions and [N, 6] steps of the tool -> the arm's [N, 6] (or [N, 5]) normalised actions."""
        turn = step[:, 3:]
        if self.pitch_and_roll:
            tool, jacobian = self.ik.chain.forward_and_jacobian(qpos)
            turn = np.stack([(turn * jacobian[:, 3:, 1]).sum(1), (turn * tool[:, :3, 2]).sum(1)], axis=1)
        return np.concatenate([step[:, :3] / self.translation_step, turn / self.rotation_step], axis=1)
