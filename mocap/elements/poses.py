"""Positions of arms and free legs that a coach has names for; `anatomy` says what the angles mean."""

from __future__ import annotations

from mocap.elements.anatomy import Arm, Leg

# Arms.
OPEN = Arm(abduction=78, forward=12, rotation=5, elbow=12, wrist=-6)
WIDE = Arm(abduction=86, forward=8, rotation=6, elbow=8, wrist=-8)
LEADING = Arm(abduction=76, forward=45, elbow=14)
TRAILING = Arm(abduction=74, forward=-14, elbow=12)
DRAWN_BACK = Arm(abduction=42, forward=-38, elbow=18)
ROUNDED = Arm(abduction=75, forward=30, elbow=24)
THROWN_UP = Arm(abduction=72, forward=62, elbow=40, supination=20)
UPPER_ON_CHEST = Arm(abduction=38, forward=24, rotation=8, elbow=136, supination=65)
LOWER_ON_CHEST = Arm(abduction=26, forward=24, rotation=-14, elbow=134, supination=65)
ARMS_CLOSE = Arm(abduction=48, forward=30, elbow=96, supination=40)
SCOOPED = Arm(abduction=38, forward=30, elbow=20)
OVERHEAD = Arm(abduction=158, forward=40, rotation=50, elbow=38)

# Free legs.
PUSHED_OUT = Leg(flexion=-28, abduction=26, rotation=30, knee=6, ankle=-22)
BESIDE = Leg(flexion=36, abduction=6, knee=66, ankle=-8)
PUSHED_UNDER = Leg(flexion=-26, abduction=-10, rotation=14, knee=10, ankle=-24)
UNCROSSING = Leg(flexion=-14, abduction=4, rotation=14, knee=36, ankle=-18)
COMING_FORWARD = Leg(flexion=26, abduction=18, rotation=8, knee=48, ankle=-10)
CROSSING_IN_FRONT = Leg(flexion=70, abduction=6, knee=56, ankle=-6)
CHECKED = Leg(flexion=4, abduction=9, rotation=10, knee=34, ankle=-24)
RECOVERING = Leg(flexion=8, abduction=9, rotation=8, knee=44, ankle=-14)
BEHIND = Leg(flexion=-28, abduction=12, rotation=30, knee=5, ankle=-28)
BEHIND_HIGH = Leg(flexion=-33, abduction=9, rotation=34, knee=4, ankle=-30)
PASSING = Leg(flexion=14, abduction=12, rotation=4, knee=78, ankle=-20)
DRIVING_KNEE = Leg(flexion=78, abduction=-2, knee=88, ankle=-15)
STRAIGHT_DOWN = Leg(flexion=4, abduction=0, knee=4, ankle=-28)
COMING_ACROSS = Leg(flexion=20, abduction=3, rotation=6, knee=14, ankle=-28)
CROSSED_OVER = Leg(flexion=18, abduction=-14, rotation=8, knee=8, ankle=-28)
OPENING = Leg(flexion=44, abduction=8, rotation=4, knee=58, ankle=-25)
ROUND_THE_SIDE = Leg(flexion=8, abduction=26, rotation=20, knee=48, ankle=-25)
SIDE_FRONT = Leg(flexion=38, abduction=34, rotation=20, knee=8, ankle=-25)
STEPPING_IN = Leg(flexion=2, abduction=26, rotation=25, knee=45, ankle=-18)
SWINGING_ROUND = Leg(flexion=16, abduction=34, rotation=26, knee=32, ankle=-25)
SIDE_FRONT_LOW = Leg(flexion=26, abduction=24, rotation=20, knee=12, ankle=-15)
AT_KNEE = Leg(flexion=62, abduction=4, rotation=12, knee=92, ankle=-30)
CROSSED_LOW = Leg(flexion=44, abduction=-8, rotation=4, knee=62, ankle=-30)
LOOSELY_CROSSED = Leg(flexion=19, abduction=-6, rotation=6, knee=15, ankle=-28)
DRAWN_UP = Leg(flexion=46, abduction=0, rotation=4, knee=58, ankle=-25)
HOOKED_IN_FRONT = Leg(flexion=64, abduction=-2, knee=40, ankle=-12)
SWUNG_THROUGH = Leg(flexion=52, abduction=8, rotation=8, knee=50, ankle=-20)
REACHING_BACK = Leg(flexion=-30, abduction=6, rotation=12, knee=6, ankle=-34)
